import { useCallback, useEffect, useState } from "react";
import { isEmptyWorkspace, ServiceError } from "../api.ts";
import { getOverview, type Overview } from "./ingest-api.ts";

/** What is in the workspace, as it was when it was last asked. */
export function useOverview() {
  const [found, setFound] = useState<Overview | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [isEmpty, setIsEmpty] = useState(false);
  const load = useCallback(() => {
    getOverview().then(
      (overview) => {
        setFound(overview);
        setFault(null);
        setIsEmpty(false);
      },
      (cause: unknown) => {
        if (isEmptyWorkspace(cause)) setIsEmpty(true);
        else setFault(cause instanceof ServiceError ? cause.message : "");
      },
    );
  }, []);
  useEffect(load, [load]);
  return { found, fault, isEmpty, load };
}
