import type { ReactNode } from "react";

/** Line drawings on a 16 px grid, silent beside their labels. */
function Drawing({ children }: { readonly children: ReactNode }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const BackIcon = () => (
  <Drawing>
    <path d="M9.5 3.5 5 8l4.500 4.500" />
  </Drawing>
);
export const UploadIcon = () => (
  <Drawing>
    <path d="M8 10V3M5 6l3-3 3 3M3 10.500v2.500h10v-2.500" />
  </Drawing>
);
export const DoneIcon = () => (
  <Drawing>
    <path d="m3.500 8.500 3 3 6-7" />
  </Drawing>
);
export const RunningIcon = () => (
  <Drawing>
    <circle cx="8" cy="8" r="3" fill="currentColor" stroke="none" />
  </Drawing>
);
export const StoppedIcon = () => (
  <Drawing>
    <path d="M5 5l6 6M11 5l-6 6" />
  </Drawing>
);
