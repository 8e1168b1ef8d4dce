/** Knows what the suite needs from an API server, whichever it is; refuses to know which one it talks to. */

/** Is an answer as the suite reads it. */
export interface TargetAnswer {
  status: number;
  headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** Is one API server under contract. */
export interface ContractTarget {
  name: string;
  /** Is the bearer token of an administrator. */
  token: string;
  fetch(
    path: string,
    init: { method: string; headers: Record<string, string>; body?: string },
  ): Promise<TargetAnswer>;
  /** Lets more than one second go by, so that a changed time can be seen. */
  pause(): Promise<void>;
  /** Lets the controllers work until the check holds, or fails after a while. */
  until(check: () => Promise<boolean>): Promise<void>;
}
