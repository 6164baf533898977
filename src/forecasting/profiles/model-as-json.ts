import type { ProfileModel } from './profile-model';

/** A model as text: typed arrays lie in it as `{"f64": [...]}`. */
export function profileModelToJson(model: ProfileModel): string {
  return JSON.stringify(model, (_, value: unknown) => (value instanceof Float64Array ? { f64: Array.from(value) } : value));
}

/** The reverse. @throws SyntaxError for text that is no JSON */
export function profileModelFromJson(text: string): ProfileModel {
  return JSON.parse(text, (_, value: unknown) => (typeof value === 'object' && value !== null && 'f64' in value ? Float64Array.from(value.f64 as number[]) : value)) as ProfileModel;
}
