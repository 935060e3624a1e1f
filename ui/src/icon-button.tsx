import { Tooltip } from "@base-ui/react/tooltip";
import type { MouseEvent, ReactNode, Ref } from "react";

interface Props {
  /** What the button does; its accessible name, and its tip unless `tip` says it shorter or longer. */
  readonly name: string;
  readonly tip?: string;
  readonly className?: string;
  /** Where the tip stands if there is room. */
  readonly side?: "top" | "bottom" | "left";
  /** For a button that stays pressed. */
  readonly isPressed?: boolean;
  readonly isDisabled?: boolean;
  readonly buttonRef?: Ref<HTMLButtonElement>;
  readonly children: ReactNode;
  onClick(event: MouseEvent<HTMLButtonElement>): void;
}

/** A button that shows a drawing only; its name is told to those who do not see it, and stands in a tip for those who do. */
export function IconButton(props: Props) {
  const { name, tip = name, className = "icon-button", side = "bottom", isPressed, isDisabled } = props;
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        render={
          <button
            type="button"
            ref={props.buttonRef}
            className={className}
            aria-label={name}
            aria-pressed={isPressed}
            disabled={isDisabled}
            onClick={props.onClick}
          />
        }
      >
        {props.children}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Positioner className="tip-place" side={side} sideOffset={6} collisionPadding={6}>
          <Tooltip.Popup className="tip" aria-hidden="true">
            {tip}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
