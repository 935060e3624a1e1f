import { useVirtualizer } from "@tanstack/react-virtual";
import { cloneElement, type ReactElement, useEffect, useRef } from "react";
import type { Region } from "../api.ts";
import type { CardPlace } from "./result-card.tsx";

interface Props {
  readonly label: string;
  readonly regions: readonly Region[];
  readonly selected: string | null;
  card(region: Region): ReactElement<{ place?: CardPlace }>;
}

/** Height of most cards in pixels, until one is measured. */
const CARD_PX = 165;

/** Thousands of cards in a box that scrolls: those in sight and a few around them are there, the others are room. */
export function VirtualCards({ label, regions, selected, card }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: regions.length,
    getScrollElement: () => box.current,
    estimateSize: () => CARD_PX,
    getItemKey: (index) => regions[index]?.id ?? index,
    gap: 7,
    overscan: 4,
  });
  // Another order or filter is read from its beginning.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => list.scrollToOffset(0), [regions, list]);
  const chosen = regions.findIndex(({ id }) => id === selected);
  useEffect(() => {
    if (chosen >= 0) list.scrollToIndex(chosen, { align: "auto" });
  }, [chosen, list]);
  return (
    <div className="virtual" ref={box}>
      <ol className="cards" aria-label={label} style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(({ index, start }) => {
          const region = regions[index];
          return (
            region &&
            cloneElement(card(region), {
              place: { top: start, index, of: regions.length, measure: list.measureElement },
            })
          );
        })}
      </ol>
    </div>
  );
}
