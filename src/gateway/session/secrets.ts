// Which session properties must never be stored or shown: the JDBC driver sends user and password
// as properties, and every client may read the properties of its session.

const secret = /(^|[.-])(user|username|password|passwd|secret|token)$/i;

/** True for keys whose values are neither stored nor shown. */
export function isSecret(key: string): boolean {
  return secret.test(key);
}
