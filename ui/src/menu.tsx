import { Popover } from "@base-ui/react/popover";
import { type ReactNode, useState } from "react";

interface Props {
  /** What the panel is called. */
  readonly name: string;
  /** What the button shows, with words in it that name it. */
  readonly label: ReactNode;
  /** Side of the button at which the panel opens. */
  readonly align?: "start" | "end";
  readonly isMarked?: boolean;
  /** The panel's content; `close` puts the focus back on the button. */
  children(close: () => void): ReactNode;
}

/** A button that opens a panel of controls beside it; Escape, a click elsewhere or leaving it with the keyboard closes it. */
export function Menu({ name, label, align = "start", isMarked = false, children }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger className="tool" data-marked={isMarked}>
        {label}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="menu-place" align={align} sideOffset={5} collisionPadding={8}>
          <Popover.Popup className="menu-panel" aria-label={name}>
            {children(() => setIsOpen(false))}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
