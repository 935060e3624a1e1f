import { join } from "node:path";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import Database from "better-sqlite3";

export interface Checkpoints {
  readonly saver: SqliteSaver;
  /** Drops the older checkpoints of a thread: only the newest is ever read. */
  keepNewest(thread: string): void;
  close(): void;
}

/** Where the states of the threads of a workspace are kept between turns and processes. */
export function openCheckpoints(directory: string): Checkpoints {
  const db = new Database(join(directory, "checkpoints.sqlite"));
  const saver = new SqliteSaver(db);
  return {
    saver,
    keepNewest: (thread) => {
      db.transaction(() => {
        for (const table of ["checkpoints", "writes"])
          db.prepare(
            `DELETE FROM ${table} WHERE thread_id = @thread
             AND checkpoint_id < (SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = @thread)`,
          ).run({ thread });
      })();
    },
    close: () => {
      db.close();
    },
  };
}
