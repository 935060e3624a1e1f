import type { ErrorCode } from "../errors.ts";
import { TerralogueError } from "../errors.ts";

/** The one table from errors to HTTP. */
const HTTP_STATUS = {
  bad_arguments: 400,
  bad_question: 400,
  bad_raster: 422,
  bad_vectors: 422,
  bad_knowledge: 422,
  bad_workspace: 500,
  empty_workspace: 404,
  not_found: 404,
  no_imagery: 404,
  too_large: 413,
  cancelled: 499,
  model_fault: 502,
  unavailable: 503,
} as const satisfies Record<ErrorCode, number>;

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad request",
  403: "Forbidden",
  404: "Not found",
  409: "Conflict",
  413: "Too large",
  415: "Unsupported type",
  422: "Unusable input",
  499: "Stopped",
  500: "Server fault",
  502: "Model fault",
  503: "Busy",
};

export function problem(status: number, detail: string, code = "about:blank"): Problem {
  return {
    type: code === "about:blank" ? code : `urn:terralogue:${code}`,
    title: TITLES[status] ?? "Error",
    status,
    detail,
  };
}

/** Any fault as RFC 9457 problem details; what nobody can mend is not told in detail. */
export function problemOf(fault: unknown): Problem {
  if (fault instanceof TerralogueError) return problem(HTTP_STATUS[fault.code], fault.message, fault.code);
  return problem(500, "Something went wrong in the service; its log says what.");
}

export function problemResponse({ status, ...rest }: Problem, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ ...rest, status }), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });
}
