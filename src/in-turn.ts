/**
 * Results of `work` in the order of the items. The next item's work is begun before an item's result is asked for, so that what it
 * prepares (reading, decoding, resizing) is done while the earlier one still runs in another thread.
 *
 * @param ahead items begun before their turn (default 1); 0 does one after the other
 * @throws what `work` throws first; work that was begun beside it is waited for, and nothing further is begun
 */
export async function* inTurn<Item, Made>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<Made>,
  ahead = 1,
): AsyncGenerator<Made> {
  const begun: Promise<Made>[] = [];
  try {
    for (const item of items) {
      begun.push(work(item));
      // A failure is thrown when its turn comes.
      begun.at(-1)?.catch(() => {});
      if (begun.length > ahead) yield (await begun[0]) as Made;
      if (begun.length > ahead) begun.shift();
    }
    while (begun.length > 0) {
      yield (await begun[0]) as Made;
      begun.shift();
    }
  } finally {
    await Promise.allSettled(begun);
  }
}
