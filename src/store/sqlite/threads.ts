import type { StoredTurn, ThreadStore } from "../ports.ts";
import type { Db } from "./database.ts";

interface Row {
  readonly thread: string;
  readonly turn: number;
  readonly message: string;
  readonly at: string;
  readonly understood: string;
  readonly plan: string;
  readonly reply: string;
}

export function sqliteThreadStore(db: Db): ThreadStore {
  return {
    append: ({ thread, turn, message, at, understood, plan, reply }: StoredTurn) => {
      db.prepare(
        "INSERT INTO turns (thread, turn, message, at, understood, plan, reply) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ).run(
        thread,
        turn,
        message,
        at,
        JSON.stringify(understood ?? null),
        JSON.stringify(plan ?? null),
        JSON.stringify(reply ?? null),
      );
    },
    turns: (thread) =>
      db
        .prepare<[string], Row>("SELECT * FROM turns WHERE thread = ? ORDER BY turn")
        .all(thread)
        .map((row) => ({
          ...row,
          understood: JSON.parse(row.understood),
          plan: JSON.parse(row.plan),
          reply: JSON.parse(row.reply),
        })),
    list: () =>
      db
        .prepare<[], { thread: string; turns: number; firstMessage: string; updatedAt: string }>(
          `SELECT t.thread, count(*) AS turns, max(t.at) AS updatedAt,
             (SELECT message FROM turns f WHERE f.thread = t.thread ORDER BY turn LIMIT 1) AS firstMessage
           FROM turns t GROUP BY t.thread ORDER BY updatedAt DESC`,
        )
        .all(),
  };
}
