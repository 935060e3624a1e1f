import { Menu } from "@base-ui/react/menu";
import { exportUrl } from "./api.ts";
import { DownloadIcon } from "./icons.tsx";
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
    <Menu.Root modal={false}>
      <Menu.Trigger className="tool">
        <DownloadIcon />
        <span>{text.export}</span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="menu-place" align="end" sideOffset={5} collisionPadding={8}>
          <Menu.Popup className="menu-panel list-menu">
            {EXPORTS.map(([format, name]) => (
              <Menu.LinkItem key={format} href={exportUrl(thread, format)} download closeOnClick>
                {name}
              </Menu.LinkItem>
            ))}
            <Menu.Separator className="menu-line" />
            <Menu.Item onClick={onReport}>{text.report}</Menu.Item>
            <Menu.Group>
              <Menu.GroupLabel className="quiet menu-note">{text.exportHint}</Menu.GroupLabel>
            </Menu.Group>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
