/** Knows what a caller is told while the Worker's configuration is incomplete: that it is, and never what is missing. */
import { Fault } from "../domain/fault.ts";
import { answerProblem, type Failed } from "./problem.ts";

/** Answers any request. Only the monitor's path says why; what exactly is missing stands in the log. */
export function answerIncomplete(failed: Failed): Response {
  const { pathname } = new URL(failed.url);
  const error =
    pathname === "/healthz" ? new Fault("broken", "configuration incomplete: see the log") : undefined;
  const response = answerProblem(error, failed);
  response.headers.set("X-Request-Id", failed.requestId);
  response.headers.set("X-Content-Type-Options", "nosniff");
  return response;
}
