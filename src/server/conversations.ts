import { createHash, randomUUID } from "node:crypto";
import type { Agent } from "../../agents/graph.ts";
import type { Reply } from "../answer/reply.ts";

const MOST_CONVERSATIONS = 500;
/** Earlier messages that are asked again where a conversation is not known; older ones are left out. */
const MOST_REPEATED = 20;

type RunOptions = NonNullable<Parameters<Agent["run"]>[1]>;

/**
 * Conversations whose whole history comes with every request, as chat programs send it, over threads, which remember their own. A history
 * that was answered here before goes on in its thread; any other is asked again, message by message, in a new one.
 */
export interface Conversations {
  /**
   * @param messages what the person said so far, oldest first; the last one is answered
   * @throws what `Agent.run` throws
   */
  answer(messages: readonly string[], options: RunOptions): Promise<Reply>;
}

export function createConversations(agent: Pick<Agent, "run">): Conversations {
  const threads = new Map<string, string>();
  const keyOf = (messages: readonly string[]) => createHash("sha256").update(JSON.stringify(messages)).digest("hex");
  return {
    answer: async (messages, options) => {
      const earlier = messages.slice(0, -1);
      const message = messages.at(-1) ?? "";
      const known = threads.get(keyOf(earlier));
      // Another answer to the same history would go on where this one has been: that history is no longer the thread's.
      threads.delete(keyOf(earlier));
      const thread = known ?? `chat-${randomUUID()}`;
      if (!known)
        for (const repeated of earlier.slice(-MOST_REPEATED))
          await agent.run({ message: repeated, thread }, { ...(options.signal && { signal: options.signal }) });
      const reply = await agent.run({ message, thread }, options);
      threads.set(keyOf(messages), thread);
      if (threads.size > MOST_CONVERSATIONS) threads.delete(threads.keys().next().value as string);
      return reply;
    },
  };
}
