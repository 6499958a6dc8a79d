import { type ComponentKey, eventType, type Visibility } from '../../core/index.ts';

/** What is shown of a component changed, other than its level: its name, its place, what a signal says. */
export const ComponentChanged = eventType<{ key: ComponentKey; visibility: Visibility }>('component.changed');
