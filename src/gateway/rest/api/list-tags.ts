// GET /api/v1/tags

import { equalFilter, nameFilter } from "./filters.ts";
import { listRoute } from "./list-route.ts";
import { tagView } from "./views/small-views.ts";

export const addListTags = listRoute({
  path: "/api/v1/tags",
  summary: "Tags in use, and how many workflows have them",
  tag: "workflows",
  view: tagView,
  filters: { name: nameFilter("key"), key: equalFilter("key") },
});
