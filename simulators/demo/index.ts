export { DEVICE_GROUPS, DEVICE_PREFIX, DEVICES, type DeviceGroup, type DeviceState } from './facility.data.ts';
export { demoScript, LOOP_MS, runDemoScript, type ScriptStep, type Timers } from './script.ts';
export {
  DEMO_PROJECT,
  type DemoHistory,
  type DemoWorld,
  demoHistory,
  deviceStates,
  HISTORY_DAYS,
  type PastState,
  seedDemoWorld,
} from './world.ts';
