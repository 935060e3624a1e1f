import type { LandmarkNames } from "../../query/knowledge/landmark-names.ts";
import type { KnowledgeQuestion } from "../../query/knowledge/question-schema.ts";
import type { RetrievedLandmark } from "../../retrieval/knowledge/retrieve.ts";
import type { KnowledgeStore } from "../../store/ports.ts";
import type { Language } from "../words.ts";

/** What the writers of landmark answers read. */
export interface LandmarkDesk {
  readonly message: string;
  readonly language: Language;
  readonly question: KnowledgeQuestion;
  readonly store: KnowledgeStore;
  readonly names: LandmarkNames;
  /** Landmarks that the message may be about, best first. */
  readonly retrieved: readonly RetrievedLandmark[];
  /** Longitude and latitude that the conversation is about, or null. */
  readonly focus: readonly [number, number] | null;
}
