import { CitedText } from "../cited-text.ts";
import { answerAtRegion } from "../landmarks/answer.ts";
import { plain, say } from "../words.ts";
import { landmarksAsked } from "./landmarks-asked.ts";
import type { QuestionAnswer, QuestionInput } from "./question.ts";

/**
 * Answers a question about a result or a kind of thing from the landmarks there: a typed fact of one where the words ask for
 * one, else what its passages say. Where no landmark is meant, it is said so: nothing is answered of another.
 */
export function answerFromKnowledge(input: QuestionInput): QuestionAnswer {
  const { record, context } = input;
  const { language } = record.turn;
  const found = answerAtRegion(record.request.message, landmarksAsked(input), language, context);
  if (found) return found;
  const subject = record.turn.question?.subject;
  const what = subject ? `“${plain(subject)}”` : say(language, "that", "这个问题");
  return {
    outcome: "not_covered",
    text: new CitedText().add(
      say(
        language,
        `The knowledge of this workspace says nothing about ${what}. Landmarks can be added with ingest --knowledge.`,
        `该工作区的知识库中没有关于${what}的内容。可以用 ingest --knowledge 添加地标。`,
      ),
    ),
  };
}
