import { useCallback, useState } from "react";

/** A choice that this browser remembers; `accepts` guards against what older versions or other pages stored. */
export function useSetting<T extends string>(
  name: string,
  initial: T,
  accepts: readonly T[],
): readonly [T, (value: T) => void] {
  const key = `terralogue.${name}`;
  const [value, setValue] = useState<T>(() => {
    try {
      return accepts.find((entry) => entry === localStorage.getItem(key)) ?? initial;
    } catch {
      return initial; // storage is switched off
    }
  });
  const change = useCallback(
    (next: T) => {
      setValue(next);
      try {
        localStorage.setItem(key, next);
      } catch {
        // The choice then lasts as long as the page.
      }
    },
    [key],
  );
  return [value, change];
}
