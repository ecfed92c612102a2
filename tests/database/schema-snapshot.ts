import type { Database } from "../support/bare-postgres.ts";

/** What a schema consists of, each kind as a query whose rows sort the same way every time. */
const KINDS = {
  columns: `
    select c.oid::regclass::text as relation, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod) as type,
      a.attnotnull, pg_get_expr(d.adbin, d.adrelid) as "default", col_description(c.oid, a.attnum) as comment
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace in (select oid from ours) and c.relkind <> 'i' order by 1, 2`,
  relations: `
    select oid::regclass::text as relation, relkind, relrowsecurity, relforcerowsecurity, relowner::regrole, reloptions,
      case when relkind in ('v', 'm') then pg_get_viewdef(oid) end as definition,
      obj_description(oid, 'pg_class') as comment
    from pg_class where relnamespace in (select oid from ours) order by 1`,
  constraints: `
    select conrelid::regclass::text as relation, conname, pg_get_constraintdef(oid) as definition
    from pg_constraint where connamespace in (select oid from ours) order by 1, 2`,
  indexes: `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
    from pg_index join pg_class on pg_class.oid = indexrelid
    where relnamespace in (select oid from ours) order by 1`,
  policies: `
    select polrelid::regclass::text as relation, polname, polcmd, polpermissive, polroles::regrole[]::text[] as roles,
      pg_get_expr(polqual, polrelid) as using, pg_get_expr(polwithcheck, polrelid) as with_check
    from pg_policy order by 1, 2`,
  triggers: `
    select tgrelid::regclass::text as relation, tgname, tgenabled, pg_get_triggerdef(oid) as definition
    from pg_trigger where not tgisinternal order by 1, 2`,
  functions: `
    select oid::regprocedure::text as function, proowner::regrole, pg_get_functiondef(oid) as definition
    from pg_proc where pronamespace in (select oid from ours) order by 1`,
  // coalesce: where nothing was ever granted or revoked, what counts are the defaults.
  grants: `
    select object, grantee::regrole::text, privilege_type, is_grantable from (
      select nspname::text as object, coalesce(nspacl, acldefault('n', nspowner)) as acl
        from pg_namespace where oid in (select oid from ours)
      union all select oid::regclass::text, coalesce(relacl, acldefault('r', relowner))
        from pg_class where relnamespace in (select oid from ours) and relkind <> 'i'
      union all select attrelid::regclass || '.' || attname, attacl
        from pg_attribute join pg_class on pg_class.oid = attrelid where relnamespace in (select oid from ours)
      union all select oid::regprocedure::text, coalesce(proacl, acldefault('f', proowner))
        from pg_proc where pronamespace in (select oid from ours)
    ) as objects, aclexplode(acl) order by 1, 2, 3`,
};

export type SchemaSnapshot = Record<keyof typeof KINDS, unknown[]>;

/** Everything that a migration could change in the schemas `public` and `private`, and the triggers of `auth`. */
export async function takeSnapshot(database: Database): Promise<SchemaSnapshot> {
  const ours = "with ours as (select oid from pg_namespace where nspname in ('public', 'private'))";
  const snapshot: Partial<SchemaSnapshot> = {};
  for (const kind of Object.keys(KINDS) as (keyof SchemaSnapshot)[]) {
    snapshot[kind] = (await database.query(`${ours} ${KINDS[kind]}`)).rows;
  }
  return snapshot as SchemaSnapshot;
}
