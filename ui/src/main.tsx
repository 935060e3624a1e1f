import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/dialogs.css";
import "./styles/chat.css";
import "./styles/composer.css";
import "./styles/query-chips.css";
import "./styles/answer-parts.css";
import "./styles/results.css";
import "./styles/proof.css";
import "./styles/map.css";
import "./styles/report.css";

/** A service that refuses says why, and the person asks again. It may well be there when the internet is not. */
const cache = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" } } });

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={cache}>
        <Tooltip.Provider delay={500} closeDelay={0}>
          <App />
        </Tooltip.Provider>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
