Console.WriteLine("residuum");
return 0;
