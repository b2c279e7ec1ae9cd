// POST /api/v1/instances/{id}/cancel

import { asId, type InstanceId } from "../../../common/ids.ts";
import { actionRoute, done, identified } from "./action-route.ts";

export const addCancelInstance = actionRoute({
  method: "post",
  path: "/api/v1/instances/{id}/cancel",
  summary: "What has not started ends CANCELED, what runs is canceled",
  tag: "instances",
  params: identified,
  answer: done,
  status: 202,
  errors: [404, 409],
  async handle({ instances }, { params }) {
    await instances.cancel(asId<InstanceId>(params.id));
    return {};
  },
});
