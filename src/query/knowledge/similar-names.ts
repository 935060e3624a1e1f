import { foldMessage, isHan, type NamedLandmark } from "./landmark-names.ts";

/** Dice coefficient of letter pairs, at least 0.55; names in Chinese by their characters. */
export function similarTo(words: string, all: readonly NamedLandmark[], limit: number): readonly NamedLandmark[] {
  const asked = pairsOf(foldMessage(words));
  if (asked.size === 0) return [];
  return all
    .map((landmark) => ({
      landmark,
      dice: Math.max(
        ...landmark.names.map((name) => {
          const own = pairsOf(foldMessage(name));
          let shared = 0;
          for (const pair of asked) if (own.has(pair)) shared += 1;
          return (2 * shared) / (asked.size + own.size || 1);
        }),
      ),
    }))
    .filter(({ dice }) => dice >= 0.55)
    .sort((a, b) => b.dice - a.dice || b.landmark.importance - a.landmark.importance)
    .slice(0, limit)
    .map(({ landmark }) => landmark);
}

function pairsOf(text: string): ReadonlySet<string> {
  const compact = isHan(text) ? text.replace(/ /g, "") : text;
  const out = new Set<string>();
  for (let i = 0; i + 1 < compact.length; i += 1) out.add(compact.slice(i, i + 2));
  return out;
}
