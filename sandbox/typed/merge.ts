/** Knows how an applied value is merged over a live one by type; refuses to know owners and pruning. */
import type { Element } from "../fields/element.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import type { ListType, MapType, StructType, Type } from "../schema/parse.ts";
import { anyType, branchOf, fieldsOf, fieldType, isHollow, itemElements } from "./step.ts";

/** Merges the right value over the left one; nothing is removed, and the right order wins where it says something. */
export function merge(left: Json | undefined, right: Json | undefined, type: Type): Json | undefined {
  const branch = branchOf(type);
  if (branch === undefined || (isHollow(left) && isHollow(right))) return right === undefined ? left : right;
  return branch.kind === "list" ? mergeItems(left, right, branch) : mergeFields(left, right, branch);
}

function mergeFields(
  left: Json | undefined,
  right: Json | undefined,
  type: StructType | MapType,
): Json | undefined {
  const out: JsonObject = {};
  for (const { name } of fieldsOf(left, right)) {
    const a = isObject(left) ? left[name] : undefined;
    const b = isObject(right) ? right[name] : undefined;
    const merged = merge(a, b, fieldType(type, name) ?? anyType);
    if (merged !== undefined) out[name] = merged;
  }
  return Object.keys(out).length > 0 ? out : undefined;
}

interface Side {
  order: Element[];
  /** A null stands for duplicated items, which are not merged. */
  items: Map<Element, Json>;
  raw: Json[];
}

function sideOf(value: Json | undefined, type: ListType): Side {
  const side: Side = { order: [], items: new Map(), raw: [] };
  for (const { element, item } of itemElements(type, Array.isArray(value) ? value : [])) {
    side.items.set(element, side.items.has(element) ? null : item);
    side.order.push(element);
    side.raw.push(item);
  }
  return side;
}

/** Walks both orders at once: live items keep their place between the shared ones, new ones follow the applied order. */
function mergeItems(left: Json | undefined, right: Json | undefined, type: ListType): Json | undefined {
  const lhs = sideOf(left, type);
  const rhs = sideOf(right, type);
  const shared = rhs.order.filter((element) => lhs.items.has(element));
  let nextShared = shared.shift();
  const done = new Set<Element>();
  const out: Json[] = [];
  const push = (item: Json | undefined): void => {
    if (item !== undefined) out.push(item);
  };
  const take = (element: Element): void => {
    done.add(element);
    push(merge(lhs.items.get(element), rhs.items.get(element), type.element));
  };
  let l = 0;
  let r = 0;
  while (l < lhs.order.length || r < rhs.order.length) {
    const a = lhs.order[l];
    const b = rhs.order[r];
    if (a !== undefined && b !== undefined) {
      if (a === b) {
        take(a);
        l++;
        r++;
        nextShared = shared.shift();
        continue;
      }
      if (rhs.items.has(a) && nextShared !== undefined && nextShared !== a) {
        l++;
        continue;
      }
    }
    if (a !== undefined) {
      if (!rhs.items.has(a)) {
        push(merge(lhs.raw[l], undefined, type.element));
        l++;
        continue;
      }
      if (done.has(a)) l++;
    }
    if (b !== undefined) {
      take(b);
      r++;
      if (nextShared === b) nextShared = shared.shift();
    }
  }
  return out.length > 0 ? out : undefined;
}
