import type { ComponentKey } from '../../../core/index.ts';
import { newDeviceKey } from './device-key.ts';
import { type OrderRules, orderDevices } from './device-order.ts';
import { deviceName, isDeviceLabel, type LabelRules } from './label-rules.ts';

/** A label as GitLab lists it. */
export interface ProjectLabel {
  id: number;
  name: string;
  colour: string;
  priority: number | null;
}

/** A device in its place. */
export interface RosterEntry {
  key: ComponentKey;
  labelId: number;
  label: string;
  name: string;
  colour: string;
  group: string;
  groupPosition: number;
  position: number;
}

/** Keys of labels seen before, and all keys ever given. */
export interface DeviceKeys {
  known: ReadonlyMap<number, ComponentKey>;
  taken: ReadonlySet<ComponentKey>;
}

const LONGEST_NAME = 200;

/**
 * The devices of a project, from its labels. `known` gives the keys of labels seen before, `taken` all keys ever given:
 * a renamed label keeps its key, and of two labels with one slug the older keeps the short one.
 */
export function roster(
  labels: readonly ProjectLabel[],
  rules: LabelRules,
  order: OrderRules,
  keys: DeviceKeys,
): RosterEntry[] {
  const devices = labels.filter((label) => isDeviceLabel(rules, label.name));
  const given = keysFor(devices, rules, keys);
  const placeable = devices.map((label) => ({
    labelId: label.id,
    label: label.name,
    name: deviceName(rules, label.name).slice(0, LONGEST_NAME).toWellFormed(),
    colour: label.colour,
    priority: label.priority,
  }));
  return orderDevices(placeable, order).flatMap(({ device, group, groupPosition, position }) => {
    const key = given.get(device.labelId);
    const { labelId, label, name, colour } = device;
    return key === undefined ? [] : [{ key, labelId, label, name, colour, group, groupPosition, position }];
  });
}

function keysFor(devices: readonly ProjectLabel[], rules: LabelRules, keys: DeviceKeys): Map<number, ComponentKey> {
  const taken = new Set(keys.taken);
  const given = new Map<number, ComponentKey>();
  for (const label of [...devices].sort((a, b) => a.id - b.id)) {
    const key = keys.known.get(label.id) ?? newDeviceKey(deviceName(rules, label.name), label.id, taken);
    taken.add(key);
    given.set(label.id, key);
  }
  return given;
}
