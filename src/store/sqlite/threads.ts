import type { Feedback, StoredTurn, ThreadStore, ThreadSummary } from "../ports.ts";
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
  const exists = (thread: string) => db.prepare("SELECT 1 FROM turns WHERE thread = ?").get(thread) !== undefined;
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
    list: (search = "") => {
      const all = db
        .prepare<[], ThreadSummary>(
          `SELECT t.thread, n.title, count(*) AS turns, max(t.at) AS updatedAt,
             (SELECT message FROM turns f WHERE f.thread = t.thread ORDER BY turn LIMIT 1) AS firstMessage
           FROM turns t LEFT JOIN thread_titles n ON n.thread = t.thread GROUP BY t.thread ORDER BY updatedAt DESC`,
        )
        .all();
      const words = search.toLowerCase().split(/\s+/).filter(Boolean);
      if (words.length === 0) return all;
      // SQLite folds the case of ASCII only; the words of every language are compared here.
      const texts = new Map(all.map(({ thread, title }) => [thread, (title ?? "").toLowerCase()]));
      for (const { thread, message } of db
        .prepare<[], { thread: string; message: string }>("SELECT thread, message FROM turns")
        .iterate())
        texts.set(thread, `${texts.get(thread) ?? ""}\n${message.toLowerCase()}`);
      return all.filter(({ thread }) => words.every((word) => texts.get(thread)?.includes(word)));
    },
    rename: (thread, title) =>
      db.transaction(() => {
        if (!exists(thread)) return false;
        if (title === null) db.prepare("DELETE FROM thread_titles WHERE thread = ?").run(thread);
        else db.prepare("INSERT OR REPLACE INTO thread_titles (thread, title) VALUES (?, ?)").run(thread, title);
        return true;
      })(),
    remove: (thread) =>
      db.transaction(() => {
        for (const table of ["thread_titles", "feedback"])
          db.prepare(`DELETE FROM ${table} WHERE thread = ?`).run(thread);
        return db.prepare("DELETE FROM turns WHERE thread = ?").run(thread).changes > 0;
      })(),
    judge: (thread, { turn, verdict, comment, at }) =>
      db.transaction(() => {
        if (!db.prepare("SELECT 1 FROM turns WHERE thread = ? AND turn = ?").get(thread, turn)) return false;
        db.prepare("INSERT OR REPLACE INTO feedback (thread, turn, verdict, comment, at) VALUES (?, ?, ?, ?, ?)").run(
          thread,
          turn,
          verdict,
          comment,
          at,
        );
        return true;
      })(),
    feedback: (thread) =>
      db
        .prepare<[string], Feedback>("SELECT turn, verdict, comment, at FROM feedback WHERE thread = ? ORDER BY turn")
        .all(thread),
  };
}
