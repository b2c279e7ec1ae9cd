// Keeps web pages from running SQL on the gateway (ruling 43). A page of another origin is told by
// its Origin header; a page whose name was bound to our address is told by the Host header.
// Clients that are no browsers send no Origin and name the host they were given.

import { isIP } from "node:net";

export interface BrowserGuardOptions {
  /** Names that Host may have besides the loopback names and addresses. */
  readonly allowedHosts: readonly string[];
  /** Origins that may send requests besides the gateway's own. */
  readonly allowedOrigins: readonly string[];
}

/** What is known of a request from its head. */
export interface RequestHead {
  readonly host: string | undefined;
  readonly origin: string | undefined;
}

export interface BrowserGuard {
  /** Why the request is refused, as a sentence; null if it may pass. */
  refusal(head: RequestHead): string | null;
  /** True if CORS headers are due: the origin is one of those configured. */
  isConfigured(origin: string | undefined): boolean;
}

const loopbackNames = ["localhost", "ip6-localhost"];

export function browserGuard(options: BrowserGuardOptions): BrowserGuard {
  const hosts = new Set([
    ...loopbackNames,
    ...options.allowedHosts.map((name) => name.toLowerCase()),
  ]);
  const origins = new Set(options.allowedOrigins.map((origin) => origin.toLowerCase()));
  return {
    refusal({ host, origin }) {
      if (host !== undefined && !isKnownHost(host, hosts)) {
        return `Host "${host}" is not allowed; add its name to allowed-hosts. [GW-ORIGIN]`;
      }
      if (origin === undefined || origins.has(origin.toLowerCase()) || isOwn(origin, host)) {
        return null;
      }
      return `Origin "${origin}" is not allowed; add it to allowed-origins. [GW-ORIGIN]`;
    },
    isConfigured: (origin) => origin !== undefined && origins.has(origin.toLowerCase()),
  };
}

/** An address cannot be bound to another machine's, a name can. */
function isKnownHost(host: string, known: ReadonlySet<string>): boolean {
  const name = hostName(host).toLowerCase();
  return known.has(name) || isIP(name) !== 0;
}

/** The name in `name:port`, `[::1]:port`. */
function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host);
  if (bracketed?.[1] !== undefined) return bracketed[1];
  return host.replace(/:\d*$/, "");
}

function isOwn(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
