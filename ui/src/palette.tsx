import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog as Base } from "@base-ui/react/dialog";
import { SearchIcon } from "./icons.tsx";
import { paletteWords } from "./palette-words.ts";
import type { Language } from "./words.ts";

/** Something that the page can do, found by its words. */
export interface Command {
  readonly label: string;
  /** The key that does the same. */
  readonly keys?: string;
  run(): void;
}

export interface CommandGroup {
  readonly value: string;
  readonly items: readonly Command[];
}

interface Props {
  readonly language: Language;
  readonly groups: readonly CommandGroup[];
  onClose(): void;
}

/** Everything that the page can do, in one list to type into. */
export function Palette({ language, groups, onClose }: Props) {
  const text = paletteWords(language);
  return (
    <Base.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="dialog-backdrop" />
        <Base.Popup className="dialog palette" aria-label={text.palette}>
          <Autocomplete.Root
            open
            inline
            items={groups}
            itemToStringValue={({ label }: Command) => label}
            autoHighlight="always"
            keepHighlight
          >
            <div className="palette-search">
              <SearchIcon />
              <Autocomplete.Input aria-label={text.palette} placeholder={text.paletteHint} />
            </div>
            <Autocomplete.Empty className="palette-none">{text.noCommand}</Autocomplete.Empty>
            <Autocomplete.List className="palette-list">
              {(group: CommandGroup) => (
                <Autocomplete.Group key={group.value} items={group.items as Command[]}>
                  <Autocomplete.GroupLabel className="palette-group">{group.value}</Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(command: Command) => (
                      <Autocomplete.Item
                        key={command.label}
                        value={command}
                        className="palette-item"
                        onClick={() => {
                          onClose();
                          command.run();
                        }}
                      >
                        <span>{command.label}</span>
                        {command.keys && <kbd>{command.keys}</kbd>}
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
