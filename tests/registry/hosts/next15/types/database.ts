/** As `supabase gen types` writes it: what is here of the tables that the app reads. */
export interface Database {
  public: {
    Tables: {
      profiles: {
        Row: { id: string; name: string };
        Insert: { id: string; name: string };
        Update: { name?: string };
        Relationships: [];
      };
    };
    Views: Record<never, never>;
    Functions: Record<never, never>;
    Enums: Record<never, never>;
    CompositeTypes: Record<never, never>;
  };
}
