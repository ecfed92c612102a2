/** How a line of one of the header's menus looks. */
export const MENU_ENTRY =
  "flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-sm aria-[current]:font-medium focus-visible:outline-hidden hover:bg-accent focus-visible:bg-accent focus-visible:ring-[3px] focus-visible:ring-ring/60 focus-visible:ring-inset forced-colors:focus-visible:-outline-offset-4 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-muted-foreground";
