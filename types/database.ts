// Written by `npm run db:types` from supabase/migrations: change those instead.

export type { VaultSecret } from "../lib/vault/types";

export type Database = {
  public: {
    Tables: {
      team_members: {
        Row: { created_at: string; role: "admin" | "member"; team_id: string; user_id: string };
        Insert: { created_at?: string; role?: "admin" | "member"; team_id: string; user_id: string };
        Update: { created_at?: string; role?: "admin" | "member"; team_id?: string; user_id?: string };
        Relationships: [
          {
            foreignKeyName: "team_members_team_id_fkey";
            columns: ["team_id"];
            isOneToOne: false;
            referencedRelation: "teams";
            referencedColumns: ["id"];
          },
        ];
      };
      teams: {
        Row: { created_at: string; id: string; name: string };
        Insert: { created_at?: string; id?: string; name: string };
        Update: { created_at?: string; id?: string; name?: string };
        Relationships: [];
      };
      vault_secrets: {
        Row: {
          category: "LLM" | "Infrastructure" | "Hosting" | "Email" | "General";
          created_at: string;
          description: string;
          encrypted_value: string;
          id: string;
          key: string;
          last_rotated_at: string;
          owner_id: string;
          owner_type: "user" | "team";
          updated_at: string;
        };
        Insert: {
          category?: "LLM" | "Infrastructure" | "Hosting" | "Email" | "General";
          created_at?: string;
          description?: string;
          encrypted_value: string;
          id?: string;
          key: string;
          last_rotated_at?: string;
          owner_id: string;
          owner_type: "user" | "team";
          updated_at?: string;
        };
        Update: {
          category?: "LLM" | "Infrastructure" | "Hosting" | "Email" | "General";
          created_at?: string;
          description?: string;
          encrypted_value?: string;
          id?: string;
          key?: string;
          last_rotated_at?: string;
          owner_id?: string;
          owner_type?: "user" | "team";
          updated_at?: string;
        };
        Relationships: [];
      };
      webhooks: {
        Row: { created_at: string; description: string; id: string; url: string; user_id: string };
        Insert: { created_at?: string; description?: string; id?: string; url: string; user_id: string };
        Update: { created_at?: string; description?: string; id?: string; url?: string; user_id?: string };
        Relationships: [];
      };
    };
    Views: Record<never, never>;
    Functions: Record<never, never>;
    Enums: Record<never, never>;
    CompositeTypes: Record<never, never>;
  };
};
