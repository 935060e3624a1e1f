import { fuse } from "../../retrieval/coarse.ts";
import type { Candidate } from "../../retrieval/values.ts";
import type { Stages } from "../../turn/stages.ts";
import { everything, type Method } from "./methods.ts";

const PRIORS = ["image", "context", "entities", "caption", "relation", "change"] as const;
const SOURCES = ["entity", "cluster", "likeness", "saliency"] as const;

/** The whole system with one thing taken away: a prior of the tiles (`context` is the coarser scales), a source of candidates, imagery, maps. */
export function ablations(stages: Stages): readonly (() => Method)[] {
  return [
    ...PRIORS.map((prior) => () => everything(withoutPrior(stages, prior), `without the prior ${prior}`)),
    ...SOURCES.map(
      (source) => () =>
        everything(
          onlyCandidates(stages, ({ origin }) => origin !== source),
          `without candidates by ${source}`,
        ),
    ),
    () =>
      everything(
        onlyCandidates(stages, (one) => isMapped(one) === false),
        "image only",
      ),
    () =>
      everything(
        onlyCandidates(stages, (one) => isMapped(one) !== false && one.origin !== "saliency"),
        "maps only",
      ),
  ];
}

function withoutPrior(stages: Stages, prior: string): Stages {
  return {
    ...stages,
    coarse: async (plan, signal) =>
      (await stages.coarse(plan, signal))
        .map((hit) => {
          const { [prior]: _, ...parts } = hit.parts;
          return { ...hit, parts, score: fuse(parts) };
        })
        .sort((a, b) => b.score - a.score || (a.tile.id < b.tile.id ? -1 : 1)),
  };
}

function onlyCandidates(stages: Stages, keeps: (candidate: Candidate) => boolean): Stages {
  return { ...stages, propose: (tiles, saliency, plan) => stages.propose(tiles, saliency, plan).filter(keeps) };
}

/** Whether a map alone knows it (true), imagery alone (false), or both (null). */
function isMapped({ source }: Candidate): boolean | null {
  const parts = source.split(", ").map((one) => one.startsWith("layer:"));
  return parts.every((one) => one) ? true : parts.some((one) => one) ? null : false;
}
