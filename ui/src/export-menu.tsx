import { exportUrl } from "./api.ts";
import { DownloadIcon } from "./icons.tsx";
import { Menu } from "./menu.tsx";
import { type Language, words } from "./words.ts";

interface Props {
  readonly language: Language;
  readonly thread: string;
  onReport(): void;
}

const EXPORTS = [
  ["geojson", "GeoJSON"],
  ["gpkg", "GeoPackage"],
  ["kml", "KML"],
  ["csv", "CSV"],
] as const;

/** The results of a thread's last search as files, and as a report to print. */
export function ExportMenu({ language, thread, onReport }: Props) {
  const text = words(language);
  return (
    <Menu
      name={text.export}
      align="end"
      label={
        <>
          <DownloadIcon />
          <span>{text.export}</span>
        </>
      }
    >
      {(close) => (
        <div className="list-menu">
          {EXPORTS.map(([format, name]) => (
            <a key={format} href={exportUrl(thread, format)} download onClick={close}>
              {name}
            </a>
          ))}
          <hr />
          <button
            type="button"
            onClick={() => {
              close();
              onReport();
            }}
          >
            {text.report}
          </button>
          <p className="quiet">{text.exportHint}</p>
        </div>
      )}
    </Menu>
  );
}
