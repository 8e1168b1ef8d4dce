/** Knows what a case of the contract is; refuses to know the cases. */
import type { Tester } from "./tester.ts";

/** Is one guarantee with the script that proves it. */
export interface Case {
  name: string;
  run: (t: Tester) => Promise<void>;
}

/** Is cases about one subject. */
export interface Group {
  about: string;
  cases: readonly Case[];
}

/** Writes a case. */
export function guarantee(name: string, run: (t: Tester) => Promise<void>): Case {
  return { name, run };
}
