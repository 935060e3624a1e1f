import type { ReactNode } from "react";

/** Line drawings on a 16 px grid; they stand beside a label or inside a named button, so they are silent. */
export function Icon({ children }: { readonly children: ReactNode }) {
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

export const SendIcon = () => (
  <Icon>
    <path d="M8 13V3M3.5 7.5 8 3l4.5 4.5" />
  </Icon>
);
export const StopIcon = () => (
  <Icon>
    <rect x="4.5" y="4.5" width="7" height="7" rx="1" fill="currentColor" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Icon>
);
export const PlusIcon = () => (
  <Icon>
    <path d="M8 3v10M3 8h10" />
  </Icon>
);
export const ThemeIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" />
    <path d="M8 2.5v11a5.5 5.5 0 0 0 0-11Z" fill="currentColor" stroke="none" />
  </Icon>
);
export const RectangleIcon = () => (
  <Icon>
    <rect x="2.5" y="4" width="11" height="8" strokeDasharray="2.4 1.8" />
  </Icon>
);
export const PolygonIcon = () => (
  <Icon>
    <path d="m3 6 6-3.5L13.5 8 10 13.5 4 12Z" strokeDasharray="2.4 1.8" />
  </Icon>
);
export const ViewIcon = () => (
  <Icon>
    <path d="M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3" />
  </Icon>
);
export const CompareIcon = () => (
  <Icon>
    <path d="M8 2v12M5.5 6 3.5 8l2 2M10.5 6l2 2-2 2" />
  </Icon>
);
export const CopyIcon = () => (
  <Icon>
    <rect x="5.5" y="5.5" width="8" height="8" rx="1.2" />
    <path d="M3.5 10.5h-1v-8h8v1" />
  </Icon>
);
export const NorthIcon = () => (
  <Icon>
    <path d="M8 14V3M5 6l3-3.5L11 6" />
  </Icon>
);
export const MinusIcon = () => (
  <Icon>
    <path d="M3 8h10" />
  </Icon>
);
export const LayersIcon = () => (
  <Icon>
    <path d="m8 2.5 6 3-6 3-6-3ZM2 8.500l6 3 6-3M2 11l6 3 6-3" />
  </Icon>
);
export const UploadIcon = () => (
  <Icon>
    <path d="M8 10V2.500M5 5.500l3-3 3 3M2.5 10.500v3h11v-3" />
  </Icon>
);
export const DownloadIcon = () => (
  <Icon>
    <path d="M8 2.500V10M5 7l3 3 3-3M2.5 11.500v2h11v-2" />
  </Icon>
);
export const ListIcon = () => (
  <Icon>
    <path d="M2.5 4h11M2.5 8h11M2.5 12h7" />
  </Icon>
);
export const HelpIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="6" />
    <path d="M6.3 6.300a1.7 1.7 0 1 1 2.5 1.500c-.6.3-.8.6-.8 1.200M8 11.200v.1" />
  </Icon>
);
export const PinIcon = () => (
  <Icon>
    <path d="M5.5 2.500h5l-.7 4 2.2 2.500H4l2.2-2.500ZM8 9v4.5" />
  </Icon>
);
export const DismissIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" />
    <path d="m4.2 11.8 7.6-7.6" />
  </Icon>
);
export const SimilarIcon = () => (
  <Icon>
    <rect x="2.5" y="2.5" width="7" height="7" rx="1" />
    <path d="M12 6.500h1.500v7h-7V12" />
  </Icon>
);
export const EditIcon = () => (
  <Icon>
    <path d="m3 13 .6-2.8 7-7 2.2 2.2-7 7ZM9.5 4.300l2.2 2.2" />
  </Icon>
);
export const UndoIcon = () => (
  <Icon>
    <path d="M5.5 3 2.5 6l3 3M2.5 6h7a3.5 3.5 0 0 1 0 7H6" />
  </Icon>
);
export const TrashIcon = () => (
  <Icon>
    <path d="M2.5 4.500h11M6 4.500v-2h4v2M4 4.500l.6 9h6.800l.6-9" />
  </Icon>
);
export const ThumbUpIcon = () => (
  <Icon>
    <path d="M5.5 7.5v6h6.2a1.5 1.5 0 0 0 1.5-1.200l.6-3.300A1.5 1.5 0 0 0 12.3 7H9.500V4a1.5 1.5 0 0 0-1.5-1.500L5.5 7.500ZM5.5 7.500h-3v6h3" />
  </Icon>
);
export const ThumbDownIcon = () => (
  <Icon>
    <path d="M10.5 8.500v-6H4.300a1.5 1.5 0 0 0-1.5 1.200L2.2 7a1.5 1.5 0 0 0 1.5 2h2.800v3A1.5 1.5 0 0 0 8 13.500l2.5-5ZM10.5 8.500h3v-6h-3" />
  </Icon>
);
export const PrintIcon = () => (
  <Icon>
    <path d="M4.5 6V2.500h7V6M4.5 11.500h-2V6h11v5.500h-2M4.5 9.500h7v4h-7Z" />
  </Icon>
);
export const DatabaseIcon = () => (
  <Icon>
    <path d="M3 4c0-2 10-2 10 0v8c0 2-10 2-10 0ZM3 4c0 2 10 2 10 0M3 8c0 2 10 2 10 0" />
  </Icon>
);
/** The mark of the product: contour lines around a found place. */
export const Mark = () => (
  <svg className="mark-sign" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
    <path
      d="M4 14c0-6 4-10 9-10s8 3 8 7.5S17.5 20 12 20s-8-2-8-6Z"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      opacity=".45"
    />
    <path
      d="M7.5 13.500c0-3.7 2.5-6 5.5-6s5 1.8 5 4.4-2.2 5.1-5.5 5.1-5-1.3-5-3.500Z"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
    />
    <circle cx="13" cy="12" r="2" fill="currentColor" />
  </svg>
);
export const SearchIcon = () => (
  <Icon>
    <circle cx="7" cy="7" r="4.2" />
    <path d="m10.2 10.2 3.3 3.3" />
  </Icon>
);
export const CommandIcon = () => (
  <Icon>
    <path d="m3.5 5 3 3-3 3M8.5 11.5h4.5" />
  </Icon>
);
export const RepeatIcon = () => (
  <Icon>
    <path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3" />
  </Icon>
);
export const PencilSimilarIcon = () => (
  <Icon>
    <path d="M2.5 5h6M2.5 8h4M2.5 11h3M9 12.5l4.2-4.2-1.7-1.7L7.3 10.8l-.3 2z" />
  </Icon>
);
