// A process that does nothing but send notifications, so that a test can kill it.

import { systemClock } from "../../src/common/clock.ts";
import { silentLog } from "../../src/common/log.ts";
import { openDatabase } from "../../src/common/pg.ts";
import { Notifier } from "../../src/notify/notifier.ts";

const database = openDatabase({
  url: process.argv[2] ?? "",
  max: 4,
  applicationName: "notifier under test",
  onError: () => undefined,
});
new Notifier({
  database,
  clock: systemClock,
  log: silentLog,
  mailServer: null,
  webhookSecret: null,
  onAttempt: () => undefined,
}).start();
// The timers of the clock do not keep a process alive, this connection does.
await database.connect();
