// What is known of session properties (Flink's keys) besides the registry in common/session-options.ts: which must
// never be shown, and which a session may set. A known key is checked at SET, because Java clients fail when they read
// a value that they cannot parse.

import { checkSessionOption } from "../../common/session-options.ts";

export { isTimeZone } from "../../common/session-options.ts";

const secret = /(^|[.-])(user|username|password|passwd|secret|token)$/i;

/** True for keys whose values are neither stored nor shown: the JDBC driver sends user and password as properties. */
export function isSecret(key: string): boolean {
  return secret.test(key);
}

/** Throws GatewayError GW-OPTION-VALUE if `value` is illegal for the known key `key`. */
export function checkProperty(key: string, value: string): void {
  checkSessionOption(key, value);
}
