import { Worker } from "node:worker_threads";

/** What a session says of an input or output; a shape holds numbers, and names where the graph takes any size. */
export interface TensorMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** A tensor on its way to or from the session. Row-major. */
export interface RawTensor {
  readonly name: string;
  /** ONNX element type. */
  readonly type: string;
  readonly data: Float32Array | Float64Array | Uint16Array | Uint8Array | Int32Array | BigInt64Array;
  readonly dims: readonly number[];
}

/** An ONNX session that runs in a thread of its own: what calls it goes on reading and decoding meanwhile. */
export interface Session {
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
  /** Inferences are done one after the other, in the order of the calls. Rejects with the runtime's own message. */
  run(feeds: readonly RawTensor[], outputs: readonly string[]): Promise<readonly RawTensor[]>;
  close(): Promise<void>;
}

type Message =
  | {
      readonly kind: "ready";
      readonly inputs: readonly TensorMetadata[];
      readonly outputs: readonly TensorMetadata[];
    }
  | { readonly kind: "unloadable"; readonly message: string }
  | { readonly kind: "made"; readonly id: number; readonly tensors: readonly RawTensor[] }
  | { readonly kind: "fault"; readonly id: number; readonly message: string };

interface Waiting {
  readonly done: (tensors: readonly RawTensor[]) => void;
  readonly failed: (cause: Error) => void;
}

/**
 * Loads a graph in a new thread.
 *
 * @param threads threads within an operator, besides the one that the session itself is in
 * @throws {Error} with the runtime's own message when it cannot load the graph
 */
export async function openSession(path: string, threads: number): Promise<Session> {
  const worker = new Worker(new URL("./session.worker.js", import.meta.url), { workerData: { path, threads } });
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let ended: Error | null = null;
  const end = (cause: Error) => {
    ended ??= cause;
    for (const { failed } of waiting.values()) failed(ended);
    waiting.clear();
  };
  const ready = await new Promise<Extract<Message, { kind: "ready" }>>((resolve, reject) => {
    worker.on("message", (message: Message) => {
      switch (message.kind) {
        case "ready":
          return resolve(message);
        case "unloadable":
          return reject(new Error(message.message));
        case "made":
          waiting.get(message.id)?.done(message.tensors);
          break;
        case "fault":
          waiting.get(message.id)?.failed(new Error(message.message));
      }
      waiting.delete(message.id);
      // A thread without work keeps no command from ending.
      if (waiting.size === 0) worker.unref();
    });
    worker.on("error", (cause) => {
      reject(cause);
      end(cause instanceof Error ? cause : new Error(String(cause)));
    });
    worker.on("exit", (code) => {
      const cause = new Error(`the session ended with code ${code}`);
      reject(cause);
      end(cause);
    });
  });
  worker.unref();
  return {
    inputs: ready.inputs,
    outputs: ready.outputs,
    run: (feeds, outputs) =>
      new Promise((done, failed) => {
        if (ended) return failed(ended);
        const id = calls++;
        waiting.set(id, { done, failed });
        worker.ref();
        worker.postMessage({ id, feeds, outputs });
      }),
    close: () =>
      new Promise((resolve) => {
        if (ended) return resolve();
        ended = new Error("the session is closed");
        worker.once("exit", () => resolve());
        worker.ref();
        worker.postMessage({ kind: "close" });
      }),
  };
}
