import { foldMessage } from "../../query/knowledge/landmark-names.ts";
import type { Landmark } from "../../store/ports.ts";
import { CitedText } from "../cited-text.ts";
import type { QuestionAnswer } from "../questions/question.ts";
import { plain } from "../words.ts";
import { sentenceSource, sentencesOf } from "./cite.ts";
import type { LandmarkDesk } from "./desk.ts";

/** Words of questions beside those by which sentences say the same. Stems of six letters at most. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  custom: ["toll"],
  reserv: ["lake", "reserv"],
  lake: ["lake", "reserv"],
  joins: ["join", "connec", "link"],
  connec: ["join", "connec", "link"],
  links: ["join", "connec", "link"],
  link: ["join", "connec", "link"],
  serves: ["serves", "serve", "traffi"],
  named: ["named", "name", "called"],
  purpos: ["carry", "holds", "serves", "irriga", "power"],
  nickna: ["called", "known", "name"],
  tomb: ["tomb", "buried", "mausol"],
  buried: ["tomb", "buried", "mausol"],
  style: ["style"],
};

/**
 * The sentence of a landmark that holds every telling word of the question, or null: a sentence that leaves one out answers
 * something else.
 */
export function passageAnswer({ question, store }: LandmarkDesk, landmark: Landmark): QuestionAnswer | null {
  const wanted = question.rest.filter((word) => !isOfName(word, landmark));
  if (wanted.length === 0) return null;
  const sentences = sentencesOf(store.passages(landmark.id));
  const found = sentences.find(({ text }) => {
    const folded = foldMessage(text);
    const stems = new Set(folded.split(" ").map(stem));
    return wanted.every((word) =>
      /\p{Script=Han}/u.test(word)
        ? text.includes(word)
        : (SAME[stem(word)] ?? [stem(word)]).some((one) => stems.has(one)),
    );
  });
  if (!found) return null;
  return { outcome: "answer", text: new CitedText().add(plain(found.text), sentenceSource(found, landmark)) };
}

const stem = (word: string) => word.replace(/(?:ing|ed|es|s)$/, "").slice(0, 6);

function isOfName(word: string, landmark: Landmark): boolean {
  return [landmark.name, ...landmark.aliases].some((name) => foldMessage(name).split(" ").includes(word));
}
