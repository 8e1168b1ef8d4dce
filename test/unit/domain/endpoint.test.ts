/** Guards which addresses a token may be sent to. */
import { describe, expect, it } from "vitest";
import { checkEndpoint } from "../../../src/domain/endpoint.ts";

const ACCEPTED: readonly (readonly [address: string, origin: string])[] = [
  ["https://k8s.example.com", "https://k8s.example.com"],
  ["https://k8s.example.com/", "https://k8s.example.com"],
  ["https://k8s.example.com:443", "https://k8s.example.com"],
  ["https://k8s.example.com:6443", "https://k8s.example.com:6443"],
  ["https://k8s.example.com:6443/", "https://k8s.example.com:6443"],
  ["https://k8s.example.com:8443", "https://k8s.example.com:8443"],
  ["https://k8s.example.com:16443", "https://k8s.example.com:16443"],
  ["https://k8s.example.com:06443", "https://k8s.example.com:6443"],
  ["HTTPS://K8S.Example.COM:6443", "https://k8s.example.com:6443"],
  ["https://k8s.example.com.", "https://k8s.example.com"],
  ["https://k8s.example.com.:6443/", "https://k8s.example.com:6443"],
  ["https://a.b.c.d.e.example.co.uk", "https://a.b.c.d.e.example.co.uk"],
  ["https://1.k8s.example.com", "https://1.k8s.example.com"],
  ["https://10-0-0-1.example.com", "https://10-0-0-1.example.com"],
  ["https://xn--bcher-kva.example", "https://xn--bcher-kva.example"],
  ["https://ABC123.gr7.eu-west-1.eks.amazonaws.com", "https://abc123.gr7.eu-west-1.eks.amazonaws.com"],
  ["https://team-dns-1a2b.hcp.westeurope.azmk8s.io:443", "https://team-dns-1a2b.hcp.westeurope.azmk8s.io"],
  ["https://rancher.example.com/k8s/clusters/c-m-1a2b", "https://rancher.example.com/k8s/clusters/c-m-1a2b"],
  ["https://rancher.example.com/k8s/clusters/c-m-1a2b/", "https://rancher.example.com/k8s/clusters/c-m-1a2b"],
  ["https://proxy.example.com:8443/v1.0/A_b~c", "https://proxy.example.com:8443/v1.0/A_b~c"],
  [`https://${"a".repeat(63)}.example.com`, `https://${"a".repeat(63)}.example.com`],
  ["https://metadata-service.example.com", "https://metadata-service.example.com"],
  ["https://internal.example.com", "https://internal.example.com"],
  ["https://mynip.io", "https://mynip.io"],
];

/** Addresses by what a person is told to do instead. */
const REFUSED: readonly (readonly [advice: RegExp, addresses: readonly string[]])[] = [
  [
    /use https/,
    [
      "http://k8s.example.com",
      "http://k8s.example.com:6443",
      "ftp://k8s.example.com",
      "ws://k8s.example.com",
      "wss://k8s.example.com:443",
      "file:///etc/passwd",
      "gopher://k8s.example.com:6443/",
      "javascript://k8s.example.com/%0aalert(1)",
    ],
  ],
  [
    /https:\/\/k8s\.example\.com:6443/,
    [
      "",
      "k8s.example.com",
      "k8s.example.com:6443",
      "//k8s.example.com",
      "https:k8s.example.com",
      "https:/k8s.example.com",
      "https//k8s.example.com",
      "https://",
      "https:///",
      "https://:6443",
      "https://k8s..example.com",
      "https://.example.com",
      "https://k8s.example.com..",
      "https://-k8s.example.com",
      "https://k8s-.example.com",
      "https://k8s_1.example.com",
      "https://*.example.com",
      "https://k8s.example.com:6443:443",
      "https://k8s.example.com:abc",
      "https://k8s.example.com:-1",
      "https://k8s.example.com:+443",
      "https://k8s.example.com:64%2043",
      "https://k8s%2eexample.com",
      "https://k8s.example.com%00.evil.example",
      "https://k8s.example.com\\evil.example",
      "https:\\\\k8s.example.com",
      "https://k8s.example.com,evil.example",
      "https://k8s.example.com;evil.example",
      "https://k8s.example.com|evil",
      "https://'k8s.example.com'",
      "https://<k8s>.example.com",
      "https://{host}.example.com",
      `https://${"a".repeat(64)}.example.com`,
      `https://${"a.".repeat(130)}example.com`,
      "1https://k8s.example.com",
      "https://k8s.example.com[::1]",
    ],
  ],
  [
    /Workers cannot call IP addresses: give the API server a DNS name/,
    [
      "https://203.0.113.7",
      "https://203.0.113.7:6443",
      "https://203.0.113.7.",
      "https://8.8.8.8/",
      "https://3405803783",
      "https://2130706433",
      "https://0",
      "https://0x7f000001",
      "https://0x",
      "https://0177.0.0.01",
      "https://017700000001",
      "https://127.1",
      "https://127.0.1",
      "https://10.1",
      "https://256.256.256.256",
      "https://1.2.3.4.5",
      "https://example.com.1",
      "https://example.0x10",
      "https://[::1]",
      "https://[::1]:6443",
      "https://[::]",
      "https://[fe80::1%25eth0]",
      "https://[fe80::1%eth0]:6443",
      "https://[fd00::1]",
      "https://[2001:db8::7]",
      "https://[::ffff:127.0.0.1]",
      "https://[::ffff:7f00:1]",
      "https://[64:ff9b::a00:1]",
      "https://[",
    ],
  ],
  [
    /private address: put a tunnel in front/,
    [
      "https://127.0.0.1",
      "https://127.0.0.1:6443",
      "https://127.8.9.10",
      "https://10.0.0.1:6443",
      "https://172.16.0.1",
      "https://172.31.255.255",
      "https://192.168.49.2:8443",
      "https://169.254.169.254",
      "https://100.64.0.1",
      "https://0.0.0.0",
      "https://10.0.0.1.",
      "https://0x7f.0.0.1",
      "https://0x7F.0x0.0x0.0x1",
      "https://0xa9.0xfe.0xa9.0xfe",
    ],
  ],
  [
    /name without a domain: write it in full, or put a tunnel/,
    ["https://kubernetes", "https://kubernetes:6443", "https://k8s.", "https://a", "https://com"],
  ],
  [
    /not a public name: put a tunnel/,
    [
      "https://kubernetes.default.svc",
      "https://kubernetes.default.svc.cluster.local",
      "https://api.localhost",
      "https://localhost.localdomain:6443",
      "https://k8s.local",
      "https://K8S.LOCAL.",
      "https://k8s.internal",
      "https://metadata.google.internal",
      "https://ip-10-0-0-1.ec2.internal",
      "https://k8s.corp",
      "https://k8s.lan:6443",
      "https://nas.home",
      "https://k8s.home.arpa",
      "https://1.0.0.127.in-addr.arpa",
      "https://abc.onion",
      "https://farhelm.team.workers.dev",
      "https://workers.dev",
      "https://x.pages.dev",
    ],
  ],
  [
    /stands for the IP address written in it: give the API server a DNS name of its own/,
    [
      "https://10.0.0.1.nip.io",
      "https://10-0-0-1.nip.io:6443",
      "https://7f000001.nip.io",
      "https://nip.io",
      "https://127.0.0.1.sslip.io",
      "https://a.localtest.me",
      "https://x.lvh.me:8443",
      "https://169.254.169.254.xip.io",
    ],
  ],
  [
    /metadata service: give the API server another name/,
    ["https://metadata.azure.com", "https://instance-data.example.com", "https://METADATA.example.com:443"],
  ],
  [
    /leave credentials out of the address/,
    [
      "https://user@k8s.example.com",
      "https://user:password@k8s.example.com:6443",
      "https://k8s.example.com@evil.example",
      "https://k8s.example.com:6443@evil.example",
      "https://@k8s.example.com",
      "https://a@b@k8s.example.com",
      "https://k8s.example.com%40evil.example@x.example",
    ],
  ],
  [
    /leave out everything from the first \? or #/,
    [
      "https://k8s.example.com?x=1",
      "https://k8s.example.com/?",
      "https://k8s.example.com#",
      "https://k8s.example.com/#a",
      "https://k8s.example.com#@evil.example",
      "https://k8s.example.com?@evil.example",
    ],
  ],
  [
    /leave the path out/,
    [
      "https://k8s.example.com/..",
      "https://k8s.example.com/.",
      "https://k8s.example.com/a/../b",
      "https://k8s.example.com/a/./b",
      "https://k8s.example.com/%2e%2e/a",
      "https://k8s.example.com//evil.example",
      "https://k8s.example.com/a//b",
      "https://k8s.example.com/a%2fb",
      "https://k8s.example.com/a;b",
      "https://k8s.example.com/a\\b",
      "https://k8s.example.com/@evil.example",
      "https://k8s.example.com/.hidden",
      `https://k8s.example.com${"/a".repeat(9)}`,
    ],
  ],
  [
    /use one of the ports 443, 6443, 8443, 16443/,
    [
      "https://k8s.example.com:",
      "https://k8s.example.com:0",
      "https://k8s.example.com:22",
      "https://k8s.example.com:80",
      "https://k8s.example.com:2379",
      "https://k8s.example.com:10250",
      "https://k8s.example.com:65535",
      "https://k8s.example.com:65979",
      "https://k8s.example.com:4294967739",
      "https://k8s.example.com:99999999999999999999443",
    ],
  ],
  [
    /plain ASCII without spaces/,
    [
      " https://k8s.example.com",
      "https://k8s.example.com ",
      "https://k8s.exam ple.com",
      "https://k8s.example.com\n",
      "https://k8s.exam\tple.com",
      "ht\ntps://k8s.example.com",
      "https://k8s.example.com\u0000",
      "https://k8s.example.com\r\nHost: evil.example",
      "https://bücher.example",
      "https://ｋ8s.example.com",
      "https://k8s。example。com",
      "https://kubеrnetes.example.com",
      "https://①②⑦.⓪.⓪.①",
      "https://k8s.example.com\u200b",
      "https://k8s.example.com／evil",
      "https://\u202Ek8s.example.com",
    ],
  ],
  [/longer than 2048/, [`https://k8s.example.com/${"a".repeat(2048)}`]],
];

const REFUSALS = REFUSED.flatMap(([advice, addresses]) => addresses.map((address) => ({ address, advice })));

describe("an address", () => {
  it.each(ACCEPTED)("%j is accepted as %j", (address, origin) => {
    expect(checkEndpoint(address, false)).toEqual({ ok: true, origin });
  });

  it.each(ACCEPTED)("%j is read as the platform's own parser reads it", (address, origin) => {
    const url = new URL(address);
    expect(`${url.origin.replace(/\.(?=$|:)/, "")}${url.pathname.replace(/\/$/, "")}`).toBe(origin);
  });

  it.each(ACCEPTED)("%j does not change when it is checked again", (_, origin) => {
    expect(checkEndpoint(origin, false)).toEqual({ ok: true, origin });
  });

  it.each(REFUSALS)("$address is refused with what to do instead", ({ address, advice }) => {
    expect(checkEndpoint(address, false)).toEqual({ ok: false, detail: expect.stringMatching(advice) });
  });

  it("is judged by a corpus that is not small", () => {
    expect(ACCEPTED.length + REFUSALS.length).toBeGreaterThanOrEqual(190);
  });
});

describe("an address of this machine", () => {
  const LOCAL: readonly (readonly [address: string, origin: string])[] = [
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["https://127.0.0.1:24139", "https://127.0.0.1:24139"],
    ["https://127.0.0.1:24139/", "https://127.0.0.1:24139"],
    ["http://localhost:3000", "http://localhost:3000"],
    ["http://LOCALHOST", "http://localhost"],
    ["https://[::1]:6443", "https://[::1]:6443"],
  ];
  it.each(LOCAL)("%j is accepted in development only", (address, origin) => {
    expect(checkEndpoint(address, true)).toEqual({ ok: true, origin });
    expect(checkEndpoint(address, false)).toMatchObject({ ok: false });
  });

  it.each([
    "http://127.0.0.2:8080",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com:80",
    "http://evil@127.0.0.1:8080",
    "http://127.0.0.1:8080@evil.example",
    "http://127.0.0.1:8080/path",
    "http://127.0.0.1:8080?x",
    "http://127.0.0.1:0",
    "http://127.0.0.1:65536",
    "http://2130706433",
    "http://[::ffff:127.0.0.1]",
    "http://0.0.0.0:8080",
    "http://10.0.0.1",
    "http://k8s.example.com",
    "ftp://localhost",
  ])("%j is refused even there", (address) => {
    expect(checkEndpoint(address, true)).toMatchObject({ ok: false });
  });

  it("does not change what is accepted elsewhere", () => {
    for (const [address, origin] of ACCEPTED)
      expect(checkEndpoint(address, true)).toEqual({ ok: true, origin });
  });
});
