import { Component, type ReactNode } from "react";

interface Props {
  /** Shown in place of what failed. */
  readonly fallback: ReactNode;
  readonly children: ReactNode;
}

/** Keeps a fault of one part of the page from taking the rest with it. */
export class FaultBoundary extends Component<Props, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.fallback : this.props.children;
  }
}
