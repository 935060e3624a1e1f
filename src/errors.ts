/**
 * Every fault that a person can cause or mend. `message` is one sentence that names the input, says what is wrong and
 * what to do. The CLI prints it and exits (2 for `bad_arguments`, else 1); the server turns it into problem+json.
 */
export type ErrorCode =
  | "bad_arguments"
  | "bad_question"
  | "bad_raster"
  | "bad_vectors"
  | "bad_knowledge"
  | "bad_workspace"
  | "empty_workspace"
  | "not_found"
  | "no_imagery"
  | "too_large"
  | "cancelled"
  | "model_fault"
  | "unavailable";

export class TerralogueError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "TerralogueError";
    this.code = code;
  }
}

/** `drive` was asked for without a language model. */
export function noModelToDrive(): TerralogueError {
  return new TerralogueError(
    "bad_arguments",
    "A language model can only drive where one is set; set TERRALOGUE_LLM_URL and TERRALOGUE_LLM_MODEL, or ask without it.",
  );
}
