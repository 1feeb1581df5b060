Console.WriteLine("Usage: dotnet run -c Release --project bench/Tangent.Bench -- QUESTION --events N");
