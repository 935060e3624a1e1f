import { Icon } from "../icons.tsx";

export const BackIcon = () => (
  <Icon>
    <path d="M9.5 3.5 5 8l4.500 4.500" />
  </Icon>
);
export const UploadIcon = () => (
  <Icon>
    <path d="M8 10V3M5 6l3-3 3 3M3 10.500v2.500h10v-2.500" />
  </Icon>
);
export const DoneIcon = () => (
  <Icon>
    <path d="m3.500 8.500 3 3 6-7" />
  </Icon>
);
export const RunningIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="3" fill="currentColor" stroke="none" />
  </Icon>
);
export const StoppedIcon = () => (
  <Icon>
    <path d="M5 5l6 6M11 5l-6 6" />
  </Icon>
);
