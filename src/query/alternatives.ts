import type { PredicateId } from "../../knowledge/ontology/ids.ts";
import { describeQuery } from "./describe.ts";
import type { Draft } from "./draft.ts";
import { applyPatch } from "./patch.ts";
import { boundedRelations } from "./refine.ts";
import type { Query, Relation } from "./schema.ts";
import type { Turn } from "./turn.ts";

type Alternatives = Turn["alternatives"];
type Language = Turn["language"];

/** Two readings or more that the words allow just as well, each in words to choose from; empty when one is much likelier. */
export function searchAlternatives(draft: Draft, query: Query, language: Language): Alternatives {
  if (draft.disjunctions.length === 0) return attachmentAlternatives(draft, query, language);
  const { relation, other } = draft.disjunctions[0] as Draft["disjunctions"][number];
  const index = query.relations.indexOf(relation);
  if (index < 0) return [];
  const others = draft.disjunctions.filter((one) => one.relation === relation).map((one) => one.other);
  const exchanged = (relationInstead: typeof other): Query => ({
    ...query,
    relations: query.relations.with(index, relationInstead),
  });
  return choices([query, ...others.map(exchanged)], language);
}

/** "near a park with a pond": the pond of the target, or of the park. */
function attachmentAlternatives({ attachments }: Draft, query: Query, language: Language): Alternatives {
  const [first] = attachments;
  if (!first) return [];
  const { relation, anchor } = first;
  const relations = query.relations
    .filter((one) => one !== relation)
    .map((one) => ({
      ...one,
      anchors: one.anchors.map((noun) =>
        noun === anchor ? { ...noun, relations: [...noun.relations, relation] } : noun,
      ),
    }));
  return choices([query, { ...query, relations }], language);
}

/** The same for a change of the standing query: a distance that several relations could take, a side without a name. */
export function refineAlternatives(draft: Draft, standing: Query, query: Query, language: Language): Alternatives {
  if (draft.otherSideOf.length > 0 && JSON.stringify(query.relations) === JSON.stringify(standing.relations))
    return sides(draft, standing, language);
  const added = draft.disjunctions[0];
  if (added) {
    const index = query.relations.findIndex(
      ({ predicate, anchors }) =>
        predicate === added.relation.predicate && anchors[0]?.concept === added.relation.anchors[0]?.concept,
    );
    const relation = query.relations[index];
    if (relation) {
      const relations = query.relations.with(index, added.other);
      return choices([query, { ...query, relations }], language);
    }
  }
  if (!draft.distance || draft.distanceOf) return [];
  const bounded = boundedRelations(standing);
  if (bounded.length < 2) return [];
  const last = bounded.at(-1) as number;
  const said = query.relations[last]?.distanceM;
  return choices(
    [...bounded].reverse().map((index) =>
      index === last
        ? query
        : {
            ...query,
            relations: standing.relations.map(
              (one, at): Relation => (at === index && said ? { ...one, distanceM: said } : one),
            ),
          },
    ),
    language,
  );
}

const SIDES: readonly PredicateId[] = ["north_of", "south_of", "east_of", "west_of"];

/** "the other side of the river" when the standing query names no side of it. */
function sides({ otherSideOf }: Draft, standing: Query, language: Language): Alternatives {
  const [concept] = otherSideOf;
  if (!concept) return [];
  return choices(
    SIDES.map((predicate) =>
      applyPatch(standing, [
        {
          op: "add",
          path: "relations.-",
          value: { predicate, negated: false, anchors: [{ concept, attributes: [], relations: [] }] },
        },
      ]),
    ),
    language,
  );
}

function choices(queries: readonly Query[], language: Language): Alternatives {
  return queries.map((query) => ({ label: describeQuery(query, language), query }));
}
