import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  build: { outDir: "../dist/ui", emptyOutDir: true, chunkSizeWarningLimit: 1400 },
  worker: { format: "es" },
});
