/** Names the test projects: `unit` runs in seconds, `worker` in workerd, the others need what their names say. */
import path from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const root = path.resolve(import.meta.dirname, "..");

export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        test: {
          name: "unit",
          testTimeout: 30_000,
          include: [
            "test/unit/**/*.test.ts",
            "test/contract/sandbox*.test.ts",
            "test/contract/store-node.test.ts",
            "test/contract/vault.test.ts",
          ],
        },
      },
      {
        root,
        plugins: [
          cloudflareTest(async () => ({
            miniflare: {
              compatibilityDate: "2026-11-01",
              d1Databases: ["DB"],
              bindings: { MIGRATIONS: await readD1Migrations(path.join(root, "migrations")) },
            },
            remoteBindings: false,
          })),
        ],
        test: {
          name: "worker",
          include: ["test/worker/**/*.test.ts", "test/contract/store-d1.test.ts"],
          setupFiles: ["test/worker/setup.ts"],
          globalSetup: ["test/worker/kube-server.ts"],
        },
      },
      {
        root,
        test: { name: "sim", include: ["test/sim/**/*.test.ts"], testTimeout: 300_000 },
      },
      {
        root,
        test: {
          name: "cluster",
          include: ["test/cluster/**/*.test.ts", "test/contract/real*.test.ts"],
          globalSetup: ["test/cluster/toolchain.ts"],
          testTimeout: 60_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
