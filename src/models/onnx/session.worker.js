// One ONNX session in a thread of its own, since the runtime's run() holds the thread that calls it until the inference is done.
// Plain JavaScript, because Node starts it from the sources (tests) as well as from dist/; session.ts is its other end.
import { parentPort, workerData } from "node:worker_threads";
import { InferenceSession, Tensor } from "onnxruntime-node";

const { path, threads } = workerData;

const describe = ({ name, isTensor, type, shape }) => ({ name, isTensor, type, shape: isTensor ? [...shape] : [] });
const messageOf = (cause) => (cause instanceof Error ? cause.message : String(cause));

try {
  const session = await InferenceSession.create(path, {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    logSeverityLevel: 4,
  });
  parentPort.on("message", async (message) => {
    if (message.kind === "close") {
      await session.release();
      parentPort.close();
      return;
    }
    const { id, feeds, outputs } = message;
    try {
      const made = await session.run(
        Object.fromEntries(feeds.map(({ name, type, data, dims }) => [name, new Tensor(type, data, dims)])),
        outputs,
      );
      const tensors = outputs.map((name) => ({
        name,
        type: made[name].type,
        data: made[name].data,
        dims: made[name].dims,
      }));
      // Runtime memory cannot be handed over, only copied.
      parentPort.postMessage({ kind: "made", id, tensors });
    } catch (cause) {
      parentPort.postMessage({ kind: "fault", id, message: messageOf(cause) });
    }
  });
  parentPort.postMessage({
    kind: "ready",
    inputs: session.inputMetadata.map(describe),
    outputs: session.outputMetadata.map(describe),
  });
} catch (cause) {
  parentPort.postMessage({ kind: "unloadable", message: messageOf(cause) });
}
