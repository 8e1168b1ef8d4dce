/** Knows which addresses may be registered as an API server; a strict grammar, so that no parser reads one differently. */

/** An accepted address in one spelling, without a trailing slash, or why it is refused and what to do instead. */
export type Endpoint =
  | { readonly ok: true; readonly origin: string }
  | { readonly ok: false; readonly detail: string };

const PORTS = [443, 6443, 8443, 16443];
const TUNNEL = "put a tunnel in front of the cluster and register the tunnel's name";
const NO_ADDRESSES = "Workers cannot call IP addresses: give the API server a DNS name";

/** Names that exist only inside some network, or lead back to this platform. */
const PRIVATE_SUFFIXES =
  "internal local localhost localdomain lan home corp intranet private svc arpa onion invalid test workers.dev pages.dev";
/** Services that answer any name with the address written in it. */
const WILDCARD_DNS =
  "nip.io sslip.io xip.io localtest.me lvh.me traefik.me vcap.me lacolhost.com backname.io ip6.name";
/** First labels of the addresses where clouds hand out credentials. */
const METADATA_LABELS = ["metadata", "instance-data"];

const LOCAL = /^(https?):\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::(\d{1,5}))?\/?$/i;
const ADDRESS = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/i;
const AUTHORITY = /^([^:[\]]*)(:\d*)?$/;
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** For proxies that serve many clusters behind one name. A segment begins with a letter or digit, so `..` is none. */
const PATH = /^(\/[A-Za-z0-9][A-Za-z0-9._~-]*){0,8}\/?$/;

/** Decides on an address. `allowLocal` also lets http and https to this machine pass, for development. */
export function checkEndpoint(server: string, allowLocal: boolean): Endpoint {
  if (server.length > 2048) return refuse("the address is longer than 2048 characters");
  if (!/^[\x21-\x7e]*$/.test(server)) {
    return refuse("write the address in plain ASCII without spaces: a name in another script as xn--…");
  }
  if (allowLocal && LOCAL.test(server)) return local(server);
  const match = ADDRESS.exec(server);
  if (match === null) return refuse("write the address as https://k8s.example.com:6443");
  const [, scheme = "", authority = "", path = "", query, fragment] = match;
  if (scheme.toLowerCase() !== "https") return refuse("use https: the token must not travel in clear text");
  if (authority.includes("@")) {
    return refuse("leave credentials out of the address: they belong in the fields token and headers");
  }
  if (query !== undefined || fragment !== undefined) {
    return refuse("leave out everything from the first ? or #: only scheme, name, port and path count");
  }
  if (!PATH.test(path)) {
    return refuse("leave the path out, or use plain segments such as /k8s/clusters/c-1234");
  }
  return checkAuthority(authority, path.replace(/\/$/, ""));
}

function checkAuthority(authority: string, path: string): Endpoint {
  if (authority.startsWith("[")) return refuse(NO_ADDRESSES);
  const match = AUTHORITY.exec(authority);
  if (match === null) return refuse("write the address as https://k8s.example.com:6443");
  const [, written = "", portText] = match;
  const host = written.toLowerCase().replace(/\.$/, "");
  const problem = hostProblem(host);
  if (problem !== undefined) return refuse(problem);
  const port = portText === undefined ? 443 : Number(portText.slice(1));
  if (portText === ":" || !PORTS.includes(port)) {
    return refuse(`use one of the ports ${PORTS.join(", ")}, or leave the port out for 443`);
  }
  return { ok: true, origin: `https://${host}${port === 443 ? "" : `:${port}`}${path}` };
}

function hostProblem(host: string): string | undefined {
  const labels = host.split(".");
  const last = labels.at(-1) ?? "";
  // As browsers and resolvers do: a last label that is a number makes the whole an IPv4 address, in any notation.
  if (/^(\d+|0x[0-9a-f]*)$/.test(last)) {
    return isPrivateIpv4(labels) ? `this is a private address: ${TUNNEL}` : NO_ADDRESSES;
  }
  if (host.length > 253 || !labels.every((label) => LABEL.test(label))) {
    return "write the address with a DNS name of letters, digits, '-' and '.', as in https://k8s.example.com:6443";
  }
  if (labels.length === 1) return `${host} is a name without a domain: write it in full, or ${TUNNEL}`;
  if (isUnder(host, PRIVATE_SUFFIXES)) {
    return `${host} is not a public name: ${TUNNEL}`;
  }
  if (isUnder(host, WILDCARD_DNS)) {
    return `${host} stands for the IP address written in it: give the API server a DNS name of its own`;
  }
  if (METADATA_LABELS.includes(labels[0] ?? "")) {
    return `${host} looks like a cloud's metadata service: give the API server another name`;
  }
  return undefined;
}

function isUnder(host: string, suffixes: string): boolean {
  return suffixes.split(" ").some((suffix) => host === suffix || host.endsWith(`.${suffix}`));
}

function isPrivateIpv4(labels: readonly string[]): boolean {
  const [a = -1, b = -1] = labels.map(Number);
  return (
    labels.length === 4 &&
    (a === 0 ||
      a === 10 ||
      a === 127 ||
      (a === 100 && b >= 64 && b < 128) ||
      (a === 169 && b === 254) ||
      (a === 172 && b >= 16 && b < 32) ||
      (a === 192 && b === 168))
  );
}

function local(server: string): Endpoint {
  const [, scheme = "", host = "", port] = LOCAL.exec(server) ?? [];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    return refuse("use a port up to 65535");
  const suffix = port === undefined ? "" : `:${Number(port)}`;
  return { ok: true, origin: `${scheme.toLowerCase()}://${host.toLowerCase()}${suffix}` };
}

function refuse(detail: string): Endpoint {
  return { ok: false, detail };
}
