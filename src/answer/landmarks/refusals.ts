import type { NamedLandmark } from "../../query/knowledge/landmark-names.ts";
import type { KnowledgeQuestion } from "../../query/knowledge/question-schema.ts";
import type { Landmark } from "../../store/ports.ts";
import { CitedText } from "../cited-text.ts";
import type { QuestionAnswer } from "../questions/question.ts";
import { list, plain, say } from "../words.ts";
import { recordSource } from "./cite.ts";
import type { LandmarkDesk } from "./desk.ts";
import { askedWords, landmarkLabel, nameIn, recordedWords } from "./wording.ts";

/** No landmark has the name; those that are spelt alike are offered. */
export function refuseName({ names, language }: LandmarkDesk, name: string): QuestionAnswer {
  const near = names.similar(name, 3).map((one) => one.name);
  const quoted = plain(name);
  return {
    outcome: "not_covered",
    text: new CitedText().add(
      say(
        language,
        `The knowledge of this workspace holds no landmark called “${quoted}”.${near.length > 0 ? ` Did you mean ${list(near.map(plain), language).replace(/ and (?=[^,]*$)/, " or ")}?` : " Landmarks can be added with ingest --knowledge."}`,
        `该工作区的知识库中没有名为“${quoted}”的地标。${near.length > 0 ? `您是指${near.map(plain).join("、")}吗?` : "可以用 ingest --knowledge 添加地标。"}`,
      ),
    ),
  };
}

/** The landmark is known, and what was asked of it is not recorded. */
export function refuseFact(
  { language, store }: LandmarkDesk,
  landmark: Landmark,
  ask: KnowledgeQuestion["asks"][number] | null,
): QuestionAnswer {
  const name = nameIn(landmark, language);
  const held = recordedWords(landmark, language).slice(0, 8);
  const what = ask ? askedWords(ask.topic, language) : say(language, "answer to that", "该问题的答案");
  const text = new CitedText();
  text.add(
    say(
      language,
      `The knowledge of this workspace records no ${what} ${ask ? "of" : "about"} ${name}`,
      `该工作区的知识库没有记录${name}的${what}`,
    ),
    recordSource(landmark, store),
  );
  text.add(say(language, ".", "。"));
  if (held.length > 0)
    text.add(say(language, ` It does record: ${list(held, language)}.`, `已记录:${list(held, language)}。`));
  return { outcome: "not_covered", text };
}

/** Several landmarks have the name: which one is asked back. */
export function askWhich(
  { language, store }: LandmarkDesk,
  name: string,
  landmarks: readonly NamedLandmark[],
): QuestionAnswer {
  const labels = landmarks.slice(0, 5).flatMap(({ id }) => {
    const landmark = store.landmark(id);
    return landmark ? [landmarkLabel(landmark, language)] : [];
  });
  return {
    outcome: "cannot_decide",
    text: new CitedText().add(
      say(
        language,
        `“${plain(name)}” is the name of several: ${labels.join("; ")}. Which one do you mean?`,
        `“${plain(name)}”有多个同名地点:${labels.join(";")}。您指的是哪一个?`,
      ),
    ),
  };
}
